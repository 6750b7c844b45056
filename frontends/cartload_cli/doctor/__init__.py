"""What ``cartload doctor`` looks at: this computer, the destination, the archive; each thing is a finding."""

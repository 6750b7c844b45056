"""What ``cartload integrate`` gives to a desktop of the XDG standards, and takes back."""

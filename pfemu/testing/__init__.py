"""What tests ask of an emulator beyond running functions: faults on purpose, and a drill of every crash."""

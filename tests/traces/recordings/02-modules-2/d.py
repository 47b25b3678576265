from a import process

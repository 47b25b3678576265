"""Calls to the functions worker: functions, their packages and what is built in."""

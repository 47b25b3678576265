"""The project file: functions, topics, policies and seeds of data in one."""

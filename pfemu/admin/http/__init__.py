"""The admin API over HTTP: a server, what bodies are made of, and who may call."""

"""The schemas of topics: their versions, which of them go together, and who may connect with which."""

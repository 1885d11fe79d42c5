"""A project with every door that uploads come in by: forms, the admin, an API, its own code."""

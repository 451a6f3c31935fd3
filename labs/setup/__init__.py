"""What `make` starts: the environment, JupyterLab, and one lesson without a browser."""

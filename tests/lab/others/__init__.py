"""Programs that nobody here wrote, in the same lab behind the same routers."""

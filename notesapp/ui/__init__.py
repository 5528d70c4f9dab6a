"""The Qt skin: the only package that imports Qt."""

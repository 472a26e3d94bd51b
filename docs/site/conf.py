"""How Sphinx builds the site, from the pages that gather.py has put together.

The built pages take nothing from elsewhere: no fonts, no scripts, no counting of visitors. They
work from a folder, too, the search included.
"""

project = "tenterhooks"
author = copyright = "The tenterhooks authors"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
# Headings have the anchors that GitHub gives them.
myst_heading_anchors = 3
nitpicky = True
html_theme = "furo"
html_title = "tenterhooks"
html_copy_source = False
html_use_index = False
html_show_sourcelink = False
html_static_path = ["site.css"]
html_css_files = ["site.css"]
smartquotes = False
pygments_style = "friendly"
pygments_dark_style = "monokai"

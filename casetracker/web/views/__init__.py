"""Views translate HTTP and nothing else: what they show is computed below them and formatted in the templates."""

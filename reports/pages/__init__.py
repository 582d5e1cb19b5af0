"""The console's pages: figures and records as HTML, made here and whole, without scripts. They write nothing."""

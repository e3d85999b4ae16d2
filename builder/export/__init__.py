"""The archive in, copies of it out that can be handed over and checked: bags, packages for web archives and readers, seals."""

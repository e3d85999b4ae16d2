"""The archive in, copies of it that can be handed over and checked out: manifests of checksums, bags, seals."""

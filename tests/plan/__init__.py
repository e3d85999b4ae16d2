"""Tests of builder/plan."""

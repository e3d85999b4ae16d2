"""A text or a question in, terms, query trees and excerpts out."""

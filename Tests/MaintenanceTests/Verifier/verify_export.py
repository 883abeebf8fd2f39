#!/usr/bin/env python3
"""Checks the Merkle part of a Pabean audit export with hashlib alone: verify_export.py FILE"""
import base64
import hashlib
import json
import sys


def leaf(content):
    return hashlib.sha256(b"\0" + content.encode()).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_by_proof(index, size, hash_, proof):
    """RFC 6962, 2.1.1: down the tree to the leaf, and back up with the proof."""
    if size == 1:
        assert not proof, "the proof is too long"
        return hash_
    split = 1 << (size - 1).bit_length() - 1
    if index < split:
        return node(root_by_proof(index, split, hash_, proof[:-1]), proof[-1])
    return node(proof[-1], root_by_proof(index - split, size - split, hash_, proof[:-1]))


def root_of_all(leaves):
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node(root_of_all(leaves[:split]), root_of_all(leaves[split:]))


export = json.load(open(sys.argv[1], encoding="utf-8"))
assert export["format"] == "pabean-audit-export/1"
origin, size, root = export["checkpoint"].split("\n")[:3]
size, root = int(size), base64.b64decode(root)
assert origin == f"pabean/{export['environment']}/{export['tenant']}"
entries = export["entries"]
for entry in entries:
    text = json.loads(entry["content"])
    assert text["tenant"] == export["tenant"] and text["subject"] == export.get("subject", text["subject"])
    if "subject" in export:
        proof = [base64.b64decode(hash_) for hash_ in entry["proof"]]
        assert root_by_proof(entry["index"], size, leaf(entry["content"]), proof) == root, entry["index"]
if "subject" not in export:
    assert len(entries) == size and root_of_all([leaf(entry["content"]) for entry in entries]) == root
print("ok", origin, size, len(entries))

"""The receiver: records that programs send are on the disk before they are acknowledged, and then loaded."""

"""Statistics: arrays in, frozen values out; nothing here reads, writes or plots."""

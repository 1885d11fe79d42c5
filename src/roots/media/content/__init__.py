"""What bytes are, whatever their name says: types, pictures and archives, without Django or I/O."""

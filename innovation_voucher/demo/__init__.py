"""The demo world: invented people and firms that walk the portal's own verbs to every state."""

package reflect

import "internal/abi"

// ifaceIndir says whether an interface with a t holds its address, not the value. Nothing here asks it any more, but modules link to it
// (github.com/goccy/go-json).
func ifaceIndir(t *abi.Type) bool { return !t.IsDirectIface() }

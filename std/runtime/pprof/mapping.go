package pprof

import (
	"os"
	"runtime"
	"slices"
)

// readMapping fills b.mem from /proc/self/maps. The kernel maps a position-independent executable without a dynamic linker among what
// it adds itself (the vDSO), above or below.
func (b *profileBuilder) readMapping() {
	data, _ := os.ReadFile("/proc/self/maps")
	parseProcSelfMaps(data, b.addMapping)
	if len(b.mem) == 0 { // no pprof reads a profile without one
		b.addMappingEntry(0, 0, 0, "", "", true)
	}
	pc, _, _, _ := runtime.Caller(0)
	own := slices.IndexFunc(b.mem, func(m memMap) bool { return m.start <= pc && pc < m.end })
	if own > 0 {
		program := b.mem[own]
		copy(b.mem[1:], b.mem[:own])
		b.mem[0] = program
	}
}

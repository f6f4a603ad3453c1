package runtime

import "unsafe"

// GC runs a garbage collection and waits for its end.
func GC()

// MemStats are figures about the allocator.
type MemStats struct {
	// All bytes and counts since the program began, unless said otherwise.
	Alloc      uint64 // bytes of objects that exist
	TotalAlloc uint64
	Sys        uint64 // bytes obtained from the system
	Lookups    uint64
	Mallocs    uint64 // objects made
	Frees      uint64

	HeapAlloc    uint64
	HeapSys      uint64
	HeapIdle     uint64
	HeapInuse    uint64
	HeapReleased uint64
	HeapObjects  uint64

	StackInuse  uint64
	StackSys    uint64
	MSpanInuse  uint64
	MSpanSys    uint64
	MCacheInuse uint64
	MCacheSys   uint64
	BuckHashSys uint64
	GCSys       uint64
	OtherSys    uint64

	NextGC        uint64
	LastGC        uint64
	PauseTotalNs  uint64
	PauseNs       [256]uint64
	PauseEnd      [256]uint64
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool

	BySize [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// ReadMemStats stops the world for a moment and fills m.
func ReadMemStats(m *MemStats) { readmemstats(m) }

//go:noescape
func readmemstats(m *MemStats)

// SetFinalizer: the collector calls finalizer(obj) in a goroutine of its own some time after obj became unreachable. A nil
// finalizer takes the one that was set away.
func SetFinalizer(obj any, finalizer any) {
	setfinalizer((*eface)(unsafe.Pointer(&obj)), (*eface)(unsafe.Pointer(&finalizer)))
}

func setfinalizer(obj, finalizer *eface)

package runtime

import (
	"internal/godebugs"
	"unsafe"
)

// What package runtime/metrics reads. Figures come from C++ all at once (runtime/profile/metrics.cpp); the table says which name
// is which.

type metricKind int

const (
	metricBad metricKind = iota
	metricUint64
	metricFloat64
	metricHistogram
)

// metricSample, metricValue and metricFloat64Histogram have the layouts of package runtime/metrics.
type metricSample struct {
	name  string
	value metricValue
}

type metricValue struct {
	kind    metricKind
	scalar  uint64
	pointer unsafe.Pointer
}

type metricFloat64Histogram struct {
	counts  []uint64
	buckets []float64
}

const (
	metricSizeClasses = 68
	metricHistograms  = 5

	// Of a histogram of times: buckets by the highest bit of the nanoseconds, each split by the next bits.
	timeHistMinBits = 9
	timeHistMaxBits = 48
	timeHistSubBits = 2
	timeHistCounts  = (timeHistMaxBits-timeHistMinBits+1)<<timeHistSubBits + 2
)

type metricFigures struct {
	assist, dedicated, idleMark, pause, gcTotal, idle, scavengeAssist, scavengeBackground, scavengeTotal, total, user, mutexWait float64

	cgoCalls, cleanupsExecuted, cleanupsQueued, cyclesAutomatic, cyclesForced, cyclesTotal, finalizersExecuted, finalizersQueued, gogc, memoryLimit, allocBytes, allocObjects, freeBytes, freeObjects, goal, live, objects, tinyAllocs, limiterLast, scanGlobals, scanHeap, scanStack, scanTotal, startingStack uint64

	heapFree, heapObjects, heapReleased, heapStacks, heapUnused, mcacheFree, mcacheInuse, mspanFree, mspanInuse, otherMeta, osStacks, other, buckets, totalMemory uint64

	gomaxprocs, created, notInGo, runnable, running, waiting, goroutines, threads uint64

	allocsBySize, freesBySize [metricSizeClasses]uint64
	histograms                [metricHistograms][timeHistCounts]uint64
}

// readMetricFigures reads all figures, those about the states of goroutines only when they are wanted.
func readMetricFigures(f *metricFigures, goroutines bool)

type metricEntry struct {
	name string
	kind metricKind
	at   uintptr // of the figure in metricFigures
}

var noFigures *metricFigures

const sizeOfHistogram = timeHistCounts * 8

// Sorted by name.
var metricTable = [...]metricEntry{
	{"/cgo/go-to-c-calls:calls", metricUint64, unsafe.Offsetof(noFigures.cgoCalls)},
	{"/cpu/classes/gc/mark/assist:cpu-seconds", metricFloat64, unsafe.Offsetof(noFigures.assist)},
	{"/cpu/classes/gc/mark/dedicated:cpu-seconds", metricFloat64, unsafe.Offsetof(noFigures.dedicated)},
	{"/cpu/classes/gc/mark/idle:cpu-seconds", metricFloat64, unsafe.Offsetof(noFigures.idleMark)},
	{"/cpu/classes/gc/pause:cpu-seconds", metricFloat64, unsafe.Offsetof(noFigures.pause)},
	{"/cpu/classes/gc/total:cpu-seconds", metricFloat64, unsafe.Offsetof(noFigures.gcTotal)},
	{"/cpu/classes/idle:cpu-seconds", metricFloat64, unsafe.Offsetof(noFigures.idle)},
	{"/cpu/classes/scavenge/assist:cpu-seconds", metricFloat64, unsafe.Offsetof(noFigures.scavengeAssist)},
	{"/cpu/classes/scavenge/background:cpu-seconds", metricFloat64, unsafe.Offsetof(noFigures.scavengeBackground)},
	{"/cpu/classes/scavenge/total:cpu-seconds", metricFloat64, unsafe.Offsetof(noFigures.scavengeTotal)},
	{"/cpu/classes/total:cpu-seconds", metricFloat64, unsafe.Offsetof(noFigures.total)},
	{"/cpu/classes/user:cpu-seconds", metricFloat64, unsafe.Offsetof(noFigures.user)},
	{"/gc/cleanups/executed:cleanups", metricUint64, unsafe.Offsetof(noFigures.cleanupsExecuted)},
	{"/gc/cleanups/queued:cleanups", metricUint64, unsafe.Offsetof(noFigures.cleanupsQueued)},
	{"/gc/cycles/automatic:gc-cycles", metricUint64, unsafe.Offsetof(noFigures.cyclesAutomatic)},
	{"/gc/cycles/forced:gc-cycles", metricUint64, unsafe.Offsetof(noFigures.cyclesForced)},
	{"/gc/cycles/total:gc-cycles", metricUint64, unsafe.Offsetof(noFigures.cyclesTotal)},
	{"/gc/finalizers/executed:finalizers", metricUint64, unsafe.Offsetof(noFigures.finalizersExecuted)},
	{"/gc/finalizers/queued:finalizers", metricUint64, unsafe.Offsetof(noFigures.finalizersQueued)},
	{"/gc/gogc:percent", metricUint64, unsafe.Offsetof(noFigures.gogc)},
	{"/gc/gomemlimit:bytes", metricUint64, unsafe.Offsetof(noFigures.memoryLimit)},
	{"/gc/heap/allocs-by-size:bytes", metricHistogram, unsafe.Offsetof(noFigures.allocsBySize)},
	{"/gc/heap/allocs:bytes", metricUint64, unsafe.Offsetof(noFigures.allocBytes)},
	{"/gc/heap/allocs:objects", metricUint64, unsafe.Offsetof(noFigures.allocObjects)},
	{"/gc/heap/frees-by-size:bytes", metricHistogram, unsafe.Offsetof(noFigures.freesBySize)},
	{"/gc/heap/frees:bytes", metricUint64, unsafe.Offsetof(noFigures.freeBytes)},
	{"/gc/heap/frees:objects", metricUint64, unsafe.Offsetof(noFigures.freeObjects)},
	{"/gc/heap/goal:bytes", metricUint64, unsafe.Offsetof(noFigures.goal)},
	{"/gc/heap/live:bytes", metricUint64, unsafe.Offsetof(noFigures.live)},
	{"/gc/heap/objects:objects", metricUint64, unsafe.Offsetof(noFigures.objects)},
	{"/gc/heap/tiny/allocs:objects", metricUint64, unsafe.Offsetof(noFigures.tinyAllocs)},
	{"/gc/limiter/last-enabled:gc-cycle", metricUint64, unsafe.Offsetof(noFigures.limiterLast)},
	{"/gc/pauses:seconds", metricHistogram, unsafe.Offsetof(noFigures.histograms) + 3*sizeOfHistogram},
	{"/gc/scan/globals:bytes", metricUint64, unsafe.Offsetof(noFigures.scanGlobals)},
	{"/gc/scan/heap:bytes", metricUint64, unsafe.Offsetof(noFigures.scanHeap)},
	{"/gc/scan/stack:bytes", metricUint64, unsafe.Offsetof(noFigures.scanStack)},
	{"/gc/scan/total:bytes", metricUint64, unsafe.Offsetof(noFigures.scanTotal)},
	{"/gc/stack/starting-size:bytes", metricUint64, unsafe.Offsetof(noFigures.startingStack)},
	{"/memory/classes/heap/free:bytes", metricUint64, unsafe.Offsetof(noFigures.heapFree)},
	{"/memory/classes/heap/objects:bytes", metricUint64, unsafe.Offsetof(noFigures.heapObjects)},
	{"/memory/classes/heap/released:bytes", metricUint64, unsafe.Offsetof(noFigures.heapReleased)},
	{"/memory/classes/heap/stacks:bytes", metricUint64, unsafe.Offsetof(noFigures.heapStacks)},
	{"/memory/classes/heap/unused:bytes", metricUint64, unsafe.Offsetof(noFigures.heapUnused)},
	{"/memory/classes/metadata/mcache/free:bytes", metricUint64, unsafe.Offsetof(noFigures.mcacheFree)},
	{"/memory/classes/metadata/mcache/inuse:bytes", metricUint64, unsafe.Offsetof(noFigures.mcacheInuse)},
	{"/memory/classes/metadata/mspan/free:bytes", metricUint64, unsafe.Offsetof(noFigures.mspanFree)},
	{"/memory/classes/metadata/mspan/inuse:bytes", metricUint64, unsafe.Offsetof(noFigures.mspanInuse)},
	{"/memory/classes/metadata/other:bytes", metricUint64, unsafe.Offsetof(noFigures.otherMeta)},
	{"/memory/classes/os-stacks:bytes", metricUint64, unsafe.Offsetof(noFigures.osStacks)},
	{"/memory/classes/other:bytes", metricUint64, unsafe.Offsetof(noFigures.other)},
	{"/memory/classes/profiling/buckets:bytes", metricUint64, unsafe.Offsetof(noFigures.buckets)},
	{"/memory/classes/total:bytes", metricUint64, unsafe.Offsetof(noFigures.totalMemory)},
	{"/sched/gomaxprocs:threads", metricUint64, unsafe.Offsetof(noFigures.gomaxprocs)},
	{"/sched/goroutines-created:goroutines", metricUint64, unsafe.Offsetof(noFigures.created)},
	{"/sched/goroutines/not-in-go:goroutines", metricUint64, unsafe.Offsetof(noFigures.notInGo)},
	{"/sched/goroutines/runnable:goroutines", metricUint64, unsafe.Offsetof(noFigures.runnable)},
	{"/sched/goroutines/running:goroutines", metricUint64, unsafe.Offsetof(noFigures.running)},
	{"/sched/goroutines/waiting:goroutines", metricUint64, unsafe.Offsetof(noFigures.waiting)},
	{"/sched/goroutines:goroutines", metricUint64, unsafe.Offsetof(noFigures.goroutines)},
	{"/sched/latencies:seconds", metricHistogram, unsafe.Offsetof(noFigures.histograms)},
	{"/sched/pauses/stopping/gc:seconds", metricHistogram, unsafe.Offsetof(noFigures.histograms) + 1*sizeOfHistogram},
	{"/sched/pauses/stopping/other:seconds", metricHistogram, unsafe.Offsetof(noFigures.histograms) + 2*sizeOfHistogram},
	{"/sched/pauses/total/gc:seconds", metricHistogram, unsafe.Offsetof(noFigures.histograms) + 3*sizeOfHistogram},
	{"/sched/pauses/total/other:seconds", metricHistogram, unsafe.Offsetof(noFigures.histograms) + 4*sizeOfHistogram},
	{"/sched/threads/total:threads", metricUint64, unsafe.Offsetof(noFigures.threads)},
	{"/sync/mutex/wait/total:seconds", metricFloat64, unsafe.Offsetof(noFigures.mutexWait)},
}

const (
	godebugMetricPrefix = "/godebug/non-default-behavior/"
	godebugMetricSuffix = ":events"
)

var (
	metricsSizes     []float64
	metricsTimes     []float64
	metricsLastRead  *metricFigures
	positiveInfinity uint64 = 0x7FF0000000000000
	negativeInfinity uint64 = 0xFFF0000000000000
)

func metricsLock()
func metricsUnlock()

// sizeOfClass is the size of objects of a size class.
func sizeOfClass(class int) int

func metricBuckets() {
	if metricsTimes != nil {
		return
	}
	// From the left end of the first to the right end of the last; a size that is a class's belongs to that class.
	metricsSizes = make([]float64, metricSizeClasses+1)
	metricsSizes[0] = 1
	for i := 1; i < metricSizeClasses; i++ {
		metricsSizes[i] = float64(sizeOfClass(i) + 1)
	}
	metricsSizes[metricSizeClasses] = *(*float64)(unsafe.Pointer(&positiveInfinity))

	b := make([]float64, 0, timeHistCounts+1)
	b = append(b, *(*float64)(unsafe.Pointer(&negativeInfinity)))
	for sub := range 1 << timeHistSubBits {
		b = append(b, float64(uint64(sub)<<(timeHistMinBits-1-timeHistSubBits))/1e9)
	}
	for bit := timeHistMinBits; bit < timeHistMaxBits; bit++ {
		for sub := range 1 << timeHistSubBits {
			ns := uint64(1)<<(bit-1) | uint64(sub)<<(bit-1-timeHistSubBits)
			b = append(b, float64(ns)/1e9)
		}
	}
	b = append(b, float64(uint64(1)<<(timeHistMaxBits-1))/1e9)
	metricsTimes = append(b, *(*float64)(unsafe.Pointer(&positiveInfinity)))
}

// histogram is v's histogram, made if it has none of that shape.
func (v *metricValue) histogram(buckets []float64) []uint64 {
	h := (*metricFloat64Histogram)(v.pointer)
	if v.kind != metricHistogram || h == nil {
		h = new(metricFloat64Histogram)
		v.kind, v.pointer = metricHistogram, unsafe.Pointer(h)
	}
	h.buckets = buckets
	if len(h.counts) != len(buckets)-1 {
		h.counts = make([]uint64, len(buckets)-1)
	}
	return h.counts
}

func findMetric(name string) *metricEntry {
	low, high := 0, len(metricTable)
	for low < high {
		mid := (low + high) / 2
		if metricTable[mid].name < name {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < len(metricTable) && metricTable[low].name == name {
		return &metricTable[low]
	}
	return nil
}

// godebugMetricValue is how often a setting of GODEBUG made a difference.
func godebugMetricValue(name string) (uint64, bool) {
	if len(name) < len(godebugMetricPrefix)+len(godebugMetricSuffix) || name[:len(godebugMetricPrefix)] != godebugMetricPrefix ||
		name[len(name)-len(godebugMetricSuffix):] != godebugMetricSuffix {
		return 0, false
	}
	for _, m := range godebugMetrics {
		if m.name == name {
			return m.read(), true
		}
	}
	setting := name[len(godebugMetricPrefix) : len(name)-len(godebugMetricSuffix)]
	for i := range godebugs.All {
		if info := &godebugs.All[i]; info.Name == setting && !info.Opaque {
			return 0, true
		}
	}
	return 0, false
}

//go:linkname readMetrics runtime/metrics.runtime_readMetrics
func readMetrics(samples unsafe.Pointer, n int, c int) {
	metricsLock()
	metricBuckets()
	if metricsLastRead == nil {
		metricsLastRead = new(metricFigures)
	}
	f := metricsLastRead
	read := false
	for i := range unsafe.Slice((*metricSample)(samples), n) {
		s := (*metricSample)(unsafe.Add(samples, uintptr(i)*unsafe.Sizeof(metricSample{})))
		v := &s.value
		m := findMetric(s.name)
		if m == nil {
			if count, ok := godebugMetricValue(s.name); ok {
				v.kind, v.scalar = metricUint64, count
			} else {
				v.kind = metricBad
			}
			continue
		}
		if !read {
			readMetricFigures(f, wantsGoroutines(unsafe.Slice((*metricSample)(samples), n)))
			read = true
		}
		at := unsafe.Add(unsafe.Pointer(f), m.at)
		if m.kind != metricHistogram {
			v.kind, v.scalar = m.kind, *(*uint64)(at)
			continue
		}
		if m.at < unsafe.Offsetof(f.histograms) {
			classes := (*[metricSizeClasses]uint64)(at)
			counts := v.histogram(metricsSizes)
			copy(counts, classes[1:])
			counts[len(counts)-1] = classes[0]
		} else {
			copy(v.histogram(metricsTimes), (*[timeHistCounts]uint64)(at)[:])
		}
	}
	metricsUnlock()
}

// wantsGoroutines reports whether a sample counts goroutines, all of them or those in a state.
func wantsGoroutines(samples []metricSample) bool {
	const prefix = "/sched/goroutines"
	for i := range samples {
		if name := samples[i].name; len(name) > len(prefix) && name[:len(prefix)] == prefix && name[len(prefix)] != '-' {
			return true
		}
	}
	return false
}

//go:linkname readMetricNames runtime/metrics_test.runtime_readMetricNames
func readMetricNames() []string {
	var names []string
	for i := range metricTable {
		names = append(names, metricTable[i].name)
	}
	for i := range godebugs.All {
		if info := &godebugs.All[i]; !info.Opaque {
			names = append(names, godebugMetricPrefix+info.Name+godebugMetricSuffix)
		}
	}
	return names
}

// The figures that package runtime, runtime/debug and runtime/metrics give, against what their documentation promises: sums, and
// that each says the same as the others.
//
// want: ok
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"time"
)

var kept [][]*int

func work(n int) {
	for i := range n {
		s := make([]*int, i%300)
		for k := range s {
			s[k] = new(int)
		}
		if i%10 == 0 {
			kept = append(kept, s)
		}
	}
}

func check(what string, ok bool) {
	if !ok {
		fmt.Println("wrong:", what)
	}
}

func readAll() map[string]metrics.Value {
	all := metrics.All()
	samples := make([]metrics.Sample, len(all))
	for i := range all {
		samples[i].Name = all[i].Name
	}
	metrics.Read(samples)
	values := map[string]metrics.Value{}
	for i, s := range samples {
		if s.Value.Kind() != all[i].Kind {
			fmt.Println("wrong kind:", s.Name)
		}
		values[s.Name] = s.Value
	}
	return values
}

func count(v metrics.Value) (n uint64) {
	for _, c := range v.Float64Histogram().Counts {
		n += c
	}
	return n
}

func memStats() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	check("Sys", m.Sys == m.HeapSys+m.StackSys+m.MSpanSys+m.MCacheSys+m.BuckHashSys+m.GCSys+m.OtherSys)
	check("HeapSys", m.HeapSys == m.HeapIdle+m.HeapInuse)
	check("HeapReleased", m.HeapReleased <= m.HeapIdle)
	check("HeapObjects", m.HeapObjects == m.Mallocs-m.Frees)
	check("Alloc", m.Alloc == m.HeapAlloc && m.Alloc <= m.TotalAlloc && m.HeapAlloc <= m.HeapInuse)
	check("in use", m.StackInuse <= m.StackSys && m.MSpanInuse <= m.MSpanSys)
	check("NextGC", m.NextGC >= 4<<20)
	check("EnableGC", m.EnableGC && !m.DebugGC)
	var mallocs, frees, pauses uint64
	for i, c := range m.BySize {
		mallocs += c.Mallocs
		frees += c.Frees
		check("BySize", c.Mallocs >= c.Frees && (i == 0 || m.BySize[i].Size > m.BySize[i-1].Size || i == 1))
	}
	check("BySize sums", mallocs <= m.Mallocs && frees <= m.Frees)
	for i := range min(m.NumGC, 256) {
		pauses += m.PauseNs[(m.NumGC+255-i)%256]
	}
	check("PauseTotalNs", m.NumGC > 256 || pauses == m.PauseTotalNs)
	check("LastGC", m.LastGC == m.PauseEnd[(m.NumGC+255)%256] && m.LastGC <= uint64(time.Now().UnixNano()))
	check("GCCPUFraction", m.GCCPUFraction > 0 && m.GCCPUFraction < 1)

	var s debug.GCStats
	debug.ReadGCStats(&s)
	check("GCStats", s.NumGC == int64(m.NumGC) && uint64(s.PauseTotal) == m.PauseTotalNs && uint64(s.LastGC.UnixNano()) == m.LastGC)
	check("GCStats.Pause", len(s.Pause) == int(min(m.NumGC, 256)) && uint64(s.Pause[0]) == m.PauseNs[(m.NumGC+255)%256])
	check("GCStats.PauseEnd", uint64(s.PauseEnd[0].UnixNano()) == m.LastGC)
}

func main() {
	debug.SetGCPercent(100)
	work(3000)
	runtime.GC()
	work(100)
	old := debug.SetGCPercent(-1) // no collection between the readings
	memStats()

	v := readAll()
	u := func(name string) uint64 { return v[name].Uint64() }
	f := func(name string) float64 { return v[name].Float64() }
	var memory uint64
	var cpu, gc, scavenge float64
	for name, value := range v {
		switch {
		case strings.HasPrefix(name, "/memory/classes/") && !strings.HasSuffix(name, "/total:bytes"):
			memory += value.Uint64()
		case strings.HasPrefix(name, "/cpu/classes/") && !strings.HasSuffix(name, "/total:cpu-seconds"):
			cpu += value.Float64()
			if strings.Contains(name, "/gc/") {
				gc += value.Float64()
			} else if strings.Contains(name, "/scavenge/") {
				scavenge += value.Float64()
			}
		}
	}
	near := func(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }
	check("/memory/classes", memory == u("/memory/classes/total:bytes"))
	check("/cpu/classes", near(cpu, f("/cpu/classes/total:cpu-seconds")))
	check("/cpu/classes/gc", near(gc, f("/cpu/classes/gc/total:cpu-seconds")) && gc > 0)
	check("/cpu/classes/scavenge", near(scavenge, f("/cpu/classes/scavenge/total:cpu-seconds")))
	check("user", f("/cpu/classes/user:cpu-seconds") > 0)
	check("/gc/scan", u("/gc/scan/total:bytes") == u("/gc/scan/heap:bytes")+u("/gc/scan/stack:bytes")+u("/gc/scan/globals:bytes"))
	check("/gc/cycles", u("/gc/cycles/total:gc-cycles") == u("/gc/cycles/automatic:gc-cycles")+u("/gc/cycles/forced:gc-cycles") && u("/gc/cycles/forced:gc-cycles") >= 1)
	check("objects", u("/gc/heap/objects:objects") == u("/gc/heap/allocs:objects")-u("/gc/heap/frees:objects"))
	check("bytes", u("/memory/classes/heap/objects:bytes") == u("/gc/heap/allocs:bytes")-u("/gc/heap/frees:bytes"))
	check("by size", count(v["/gc/heap/allocs-by-size:bytes"]) == u("/gc/heap/allocs:objects") && count(v["/gc/heap/frees-by-size:bytes"]) == u("/gc/heap/frees:objects"))
	check("pauses", count(v["/gc/pauses:seconds"]) >= 2*u("/gc/cycles/total:gc-cycles") && count(v["/gc/pauses:seconds"]) == count(v["/sched/pauses/total/gc:seconds"]) && count(v["/sched/pauses/stopping/gc:seconds"]) == count(v["/gc/pauses:seconds"]))
	check("other pauses", count(v["/sched/pauses/total/other:seconds"]) >= 1)
	check("settings", u("/gc/gomemlimit:bytes") == 1<<63-1 && int64(u("/gc/gogc:percent")) == -1)
	check("live", u("/gc/heap/live:bytes") > 64<<10 && u("/gc/heap/live:bytes") <= u("/memory/classes/heap/objects:bytes"))
	check("goroutines", u("/sched/goroutines:goroutines") >= uint64(runtime.NumGoroutine()))
	check("gomaxprocs", u("/sched/gomaxprocs:threads") == uint64(runtime.GOMAXPROCS(0)))
	check("threads", u("/sched/threads/total:threads") >= 2)

	var m runtime.MemStats
	v = readAll()
	runtime.ReadMemStats(&m)
	check("as MemStats has them", u("/gc/heap/tiny/allocs:objects")+u("/gc/heap/allocs:objects") <= m.Mallocs && u("/gc/heap/frees:objects") <= m.Frees && u("/gc/heap/allocs:bytes") <= m.TotalAlloc && m.TotalAlloc-u("/gc/heap/allocs:bytes") < 1<<20)
	debug.SetGCPercent(old)

	// Goroutines, blocked on a mutex.
	created := u("/sched/goroutines-created:goroutines")
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			for range 20 {
				mu.Lock()
				time.Sleep(10 * time.Microsecond)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	before := v
	v = readAll()
	check("goroutines created", u("/sched/goroutines-created:goroutines") >= created+100)
	check("latencies", count(v["/sched/latencies:seconds"]) > count(before["/sched/latencies:seconds"]))
	check("mutex wait", f("/sync/mutex/wait/total:seconds") > 0)
	for name, value := range v {
		switch {
		case strings.HasPrefix(name, "/godebug/"):
		case value.Kind() == metrics.KindFloat64 && value.Float64() < before[name].Float64():
			check(name+" shrank", false)
		case value.Kind() == metrics.KindFloat64Histogram && count(value) < count(before[name]):
			check(name+" shrank", false)
		}
	}

	bad := []metrics.Sample{{Name: "/no/such:thing"}}
	metrics.Read(bad)
	check("unknown", bad[0].Value.Kind() == metrics.KindBad)
	fmt.Println("ok")
}

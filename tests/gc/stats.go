// want: ok
package main

import (
	"runtime"
	"runtime/debug"
)

var big [][]*int

func main() {
	old := debug.SetGCPercent(50)
	check("percent", old == 100 && debug.SetGCPercent(old) == 50)
	check("limit", debug.SetMemoryLimit(-1) == 1<<63-1)
	for i := 0; i < 10; i++ {
		s := make([]*int, 100000)
		for j := range s {
			if j%1000 == 0 {
				s[j] = new(int)
				*s[j] = j
			}
		}
		big = append(big, s)
		runtime.GC()
	}
	for _, s := range big {
		for j := range s {
			if j%1000 == 0 && *s[j] != j {
				panic("large object lost a pointer")
			}
		}
	}
	big = nil
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	sum := m.HeapSys + m.StackSys + m.MSpanSys + m.MCacheSys + m.BuckHashSys + m.GCSys + m.OtherSys
	check("sys", m.Sys == sum)
	check("heap", m.HeapSys == m.HeapIdle+m.HeapInuse && m.HeapObjects == m.Mallocs-m.Frees)
	check("collections", m.NumForcedGC >= 10 && m.NumGC >= m.NumForcedGC)
	check("released", m.HeapReleased > 0)
	var st debug.GCStats
	debug.ReadGCStats(&st)
	check("ReadGCStats", st.NumGC >= int64(m.NumGC) && len(st.Pause) > 0 && st.PauseTotal > 0)
	println("ok")
}

func check(what string, ok bool) {
	if !ok {
		println("not as it should be:", what)
	}
}

// The program of bench/pauses.py: a heap of pointers that stays, a goroutine that allocates, and a ticker. Prints, in
// microseconds, the world's pauses per collection and how late the ticks of a millisecond came.
//
//	pauses [-mb N] [-cycles N] [-gcpercent N]
package main

import (
	"flag"
	"fmt"
	"runtime/debug"
	"slices"
	"time"
)

type pair struct {
	left, right *pair
	value       [2]uint64
}

func quantiles(name string, v []time.Duration) {
	slices.Sort(v)
	at := func(q float64) float64 { return float64(v[min(len(v)-1, int(q*float64(len(v))))].Nanoseconds()) / 1000 }
	fmt.Printf("%s %d %.1f %.1f %.1f\n", name, len(v), at(0.5), at(0.99), at(1))
}

func main() {
	megabytes := flag.Int("mb", 2048, "live heap")
	cycles := flag.Int("cycles", 300, "collections")
	percent := flag.Int("gcpercent", 20, "GOGC while measuring: how much is allocated per collection")
	flag.Parse()

	nodes := make([]*pair, *megabytes<<20/40)
	seed := uint64(1)
	random := func() int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int(seed >> 33 % uint64(len(nodes)))
	}
	// The first ones stay and point nowhere, and all others point to them: what is replaced becomes garbage, the heap keeps its size.
	const stay = 1 << 10
	for i := range nodes {
		nodes[i] = &pair{}
		if i >= stay {
			nodes[i].left, nodes[i].right = nodes[random()%stay], nodes[random()%stay]
		}
	}
	debug.SetGCPercent(*percent)

	stop, ticked := make(chan bool), make(chan []time.Duration)
	go func() {
		var late []time.Duration
		ticker := time.NewTicker(time.Millisecond)
		defer ticker.Stop()
		last := time.Now()
		for {
			select {
			case <-stop:
				ticked <- late
				return
			case <-ticker.C:
				now := time.Now()
				late = append(late, max(now.Sub(last)-time.Millisecond, 0))
				last = now
			}
		}
	}()

	var stats debug.GCStats
	debug.ReadGCStats(&stats)
	first, seen := stats.NumGC, stats.NumGC
	var pauses []time.Duration
	for seen < first+int64(*cycles) {
		for range 1 << 16 {
			if i := random(); i >= stay {
				nodes[i] = &pair{left: nodes[random()%stay], right: nodes[random()%stay]}
			}
		}
		debug.ReadGCStats(&stats)
		pauses = append(pauses, stats.Pause[:min(int(stats.NumGC-seen), len(stats.Pause))]...)
		seen = stats.NumGC
	}
	close(stop)
	quantiles("pause", pauses)
	quantiles("tick", <-ticked)
}

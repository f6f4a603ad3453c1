// The program of bench/pauses.py: a heap of pointers that stays, a goroutine that allocates, and a ticker. Prints, in
// nanoseconds, the world's pauses per collection and how late the ticks of a millisecond came: a line for each.
//
//	pauses [-mb N] [-cycles N] [-gcpercent N]
package main

import (
	"flag"
	"fmt"
	"runtime/debug"
	"time"
)

// Large enough that a heap of gigabytes is made, and marked, in a fraction of a second.
type pair struct {
	left, right *pair
	value       [62]uint64
}

func report(name string, v []time.Duration) {
	fmt.Print(name)
	for _, d := range v {
		fmt.Print(" ", d.Nanoseconds())
	}
	fmt.Println()
}

func main() {
	megabytes := flag.Int("mb", 2048, "live heap")
	cycles := flag.Int("cycles", 300, "collections")
	percent := flag.Int("gcpercent", 10, "GOGC while measuring: how much is allocated per collection")
	flag.Parse()

	nodes := make([]*pair, *megabytes<<20/(512+8))
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
		for range 1 << 13 {
			if i := random(); i >= stay {
				nodes[i] = &pair{left: nodes[random()%stay], right: nodes[random()%stay]}
			}
		}
		debug.ReadGCStats(&stats)
		pauses = append(pauses, stats.Pause[:min(int(stats.NumGC-seen), len(stats.Pause))]...)
		seen = stats.NumGC
	}
	close(stop)
	report("pause", pauses)
	report("tick", <-ticked)
}

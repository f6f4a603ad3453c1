// The program of bench/pauses.py: a heap of pointers that stays, a goroutine that allocates, and a ticker. Prints, in
// nanoseconds, the world's pauses per collection and how late the ticks of a millisecond came: a line for each. What the system
// took away in the meantime is in two more lines of one number per collection: how long the program's threads waited for a
// processor (/proc/self/task/*/schedstat), and how long the machine itself was not run (steal in /proc/stat, in steps of 10 ms).
// A long pause beside neither is the runtime's own.
//
//	pauses [-mb N] [-cycles N] [-gcpercent N]
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
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

// taken says how long this program's threads have waited for a processor until now, and how long the machine has.
func taken() (waited, stolen time.Duration) {
	files, _ := filepath.Glob("/proc/self/task/*/schedstat")
	for _, file := range files {
		var running, waiting time.Duration
		if text, err := os.ReadFile(file); err == nil { // else the thread has ended meanwhile
			fmt.Sscan(string(text), &running, &waiting)
		}
		waited += waiting
	}
	if text, err := os.ReadFile("/proc/stat"); err == nil {
		const stealField, tick = 8, 10 * time.Millisecond
		var ticks time.Duration
		if fields := strings.Fields(string(text)); len(fields) > stealField {
			fmt.Sscan(fields[stealField], &ticks)
		}
		stolen = ticks * tick
	}
	return
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
	var pauses, waits, steals []time.Duration
	waited, stolen := taken()
	for seen < first+int64(*cycles) {
		for range 1 << 13 {
			if i := random(); i >= stay {
				nodes[i] = &pair{left: nodes[random()%stay], right: nodes[random()%stay]}
			}
		}
		debug.ReadGCStats(&stats)
		if stats.NumGC == seen {
			continue
		}
		nowWaited, nowStolen := taken()
		for i := range min(int(stats.NumGC-seen), len(stats.Pause)) {
			pauses = append(pauses, stats.Pause[i])
			waits = append(waits, nowWaited-waited)
			steals = append(steals, nowStolen-stolen)
		}
		seen, waited, stolen = stats.NumGC, nowWaited, nowStolen
	}
	close(stop)
	report("pause", pauses)
	report("waited", waits)
	report("stolen", steals)
	report("tick", <-ticked)
}

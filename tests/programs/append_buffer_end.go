package main

// The buffer in the frame for the first elements of a slice that is moved is as long as the elements that fit into it: of 24
// bytes each, one. Entering it cleared 32 bytes, and with that what lay behind it in the frame: here the length of `run`,
// which waits there until it is stored.

type span struct{ kind, from, to, low, high int }

//go:noinline
func runs(spans []span, near int) [][]span {
	all := [][]span{}
	run := []span{}
	for _, s := range spans {
		from, to, low, high := s.from, s.to, s.low, s.high
		if s.kind == 0 && to-from > 2*near {
			run = append(run, span{s.kind, from, min(to, from+near), low, min(high, low+near)})
			all = append(all, run)
			run = []span{}
			from, low = max(from, to-near), max(low, high-near)
		}
		run = append(run, span{s.kind, from, to, low, high})
	}
	if len(run) > 0 && !(len(run) == 1 && run[0].kind == 0) {
		all = append(all, run)
	}
	return all
}

func main() {
	for _, run := range runs([]span{{1, 0, 1, 0, 1}, {0, 1, 9, 1, 9}, {1, 9, 10, 9, 10}, {0, 10, 20, 10, 20}}, 1) {
		print(len(run), ":")
		for _, s := range run {
			print(" ", s.kind, " ", s.from, "-", s.to, " ", s.low, "-", s.high)
		}
		println()
	}
}

// channels: a chain of prime filters, and a pool of workers behind a buffered channel.
package main

func generate(out chan<- int) {
	for i := 2; ; i++ {
		out <- i
	}
}

func filter(in <-chan int, out chan<- int, prime int) {
	for {
		if i := <-in; i%prime != 0 {
			out <- i
		}
	}
}

func main() {
	ch := make(chan int)
	go generate(ch)
	last := 0
	for range 600 {
		last = <-ch
		next := make(chan int)
		go filter(ch, next, last)
		ch = next
	}
	println(last)

	jobs, results := make(chan int, 64), make(chan int, 64)
	for range 8 {
		go func() {
			for j := range jobs {
				results <- j * 3
			}
		}()
	}
	go func() {
		for i := range 1_000_000 {
			jobs <- i
		}
		close(jobs)
	}()
	sum := 0
	for range 1_000_000 {
		sum += <-results
	}
	println(sum)
}

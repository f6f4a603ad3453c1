// Channels: handing over, buffering, closing, ranging, select, and a pipeline that finds prime numbers.
package main

func main() {
	unbuffered()
	buffered()
	closing()
	selecting()
	workers()
	primes(10)
}

// Without a buffer, sender and receiver meet: both sides know that the value has changed hands.
func unbuffered() {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for n := range ping {
			pong <- n * n
		}
		close(pong)
	}()
	for n := 1; n <= 3; n++ {
		ping <- n
		println("unbuffered:", n, "squared is", <-pong)
	}
	close(ping)
	_, open := <-pong
	println("unbuffered: still open:", open)
}

// A buffer decouples the two as far as it reaches.
func buffered() {
	queue := make(chan string, 3)
	queue <- "first"
	queue <- "second"
	println("buffered: holds", len(queue), "of", cap(queue))
	println("buffered:", <-queue, <-queue)
}

// What was sent before closing still arrives; after that, receiving gives zero values at once.
func closing() {
	numbers := make(chan int, 4)
	for i := range 3 {
		numbers <- i * 10
	}
	close(numbers)
	for n := range numbers {
		println("closing: received", n)
	}
	n, ok := <-numbers
	println("closing: and then", n, ok)
}

// Select takes the case that is ready; a nil channel never is; default is for when none is.
func selecting() {
	data, quit := make(chan int, 1), make(chan bool)
	var never chan int

	select {
	case n := <-data:
		println("select: got", n)
	default:
		println("select: nothing there yet")
	}

	data <- 7
	select {
	case n := <-data:
		println("select: got", n)
	case <-never:
		println("select: a nil channel spoke")
	}

	go func() {
		for i := range 3 {
			data <- i
		}
		close(quit)
	}()
	sum := 0
	for running := true; running; {
		select {
		case n := <-data:
			sum += n
		case <-quit:
			running = false
		}
	}
	// The last value may still be in the buffer when quit is seen.
	select {
	case n := <-data:
		sum += n
	default:
	}
	println("select: the sum is", sum)
}

// Many goroutines on one channel: each job is done once, by whoever is free.
func workers() {
	jobs, results := make(chan int), make(chan int)
	for range 4 {
		go func() {
			for job := range jobs {
				results <- job * job
			}
		}()
	}
	go func() {
		for job := 1; job <= 100; job++ {
			jobs <- job
		}
		close(jobs)
	}()
	sum := 0
	for range 100 {
		sum += <-results
	}
	println("workers: the squares of 1 to 100 add up to", sum)
}

// A chain of goroutines, each of which takes the multiples of one prime out of the stream.
func primes(count int) {
	stream := make(chan int)
	go func(out chan<- int) {
		for n := 2; ; n++ {
			out <- n
		}
	}(stream)
	print("primes:")
	for range count {
		prime := <-stream
		print(" ", prime)
		filtered := make(chan int)
		go func(in <-chan int, out chan<- int) {
			for {
				if n := <-in; n%prime != 0 {
					out <- n
				}
			}
		}(stream, filtered)
		stream = filtered
	}
	println()
}

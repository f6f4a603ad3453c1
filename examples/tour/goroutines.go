package main

func goroutines() {
	say("The word go starts a goroutine; what it is given is evaluated on the spot.")
	done := make(chan string)
	message := "a string argument"
	go greet(message, done)
	message = "something that comes too late"
	println("   ", <-done)

	say("A channel hands values over. Without a buffer both sides meet.")
	squares := make(chan int)
	go func() {
		defer close(squares)
		for n := range 6 {
			squares <- n * n
		}
	}()
	print("   ")
	for n := range squares {
		print(" ", n)
	}
	println()

	say("Select waits for whatever comes first. Here a thousand goroutines report to one.")
	reports, finished := make(chan int), make(chan bool)
	for worker := range 1000 {
		go func() {
			reports <- worker
			finished <- true
		}()
	}
	sum, left := 0, 1000
	for left > 0 {
		select {
		case worker := <-reports:
			sum += worker
		case <-finished:
			left--
		}
	}
	println("    sum of all reports:", sum)

	say("Prime numbers, from a chain of goroutines that each filter out the multiples of one:")
	numbers := make(chan int)
	go func(out chan<- int) {
		for n := 2; ; n++ {
			out <- n
		}
	}(numbers)
	print("   ")
	for range 12 {
		prime := <-numbers
		print(" ", prime)
		rest := make(chan int)
		go func(in <-chan int) {
			for n := range in {
				if n%prime != 0 {
					rest <- n
				}
			}
		}(numbers)
		numbers = rest
	}
	println()
}

func greet(name string, done chan<- string) { done <- "hello from a goroutine with " + name }

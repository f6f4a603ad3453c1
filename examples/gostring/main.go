// Gostring starts goroutines with a string as an argument. The operands of a go statement are evaluated at once, in the
// goroutine that executes it; only the call itself runs in the new one. So each goroutine has the string that the
// variable held then, whatever happens to the variable later.
package main

func greet(name string, times int, done chan<- bool) {
	for i := range times {
		println("hello,", name, i)
	}
	done <- true
}

func main() {
	done := make(chan bool)

	name := "gopher"
	go greet(name, 2, done)
	name = "nobody: this comes too late"
	<-done

	for _, name := range []string{"badger", "vole", "mole"} {
		go greet(name+" of the meadow", 1, done)
		<-done
	}

	// A method value and a function literal can be started as well.
	go burrow{"rabbit"}.dig("deep", done)
	<-done
	go func(text string) {
		println(text)
		done <- true
	}("built from " + name[:6] + " pieces")
	<-done
}

type burrow struct{ owner string }

func (b burrow) dig(how string, done chan<- bool) {
	println(b.owner, "digs", how)
	done <- true
}

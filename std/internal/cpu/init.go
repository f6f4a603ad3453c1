package cpu

// godebug is the environment's GODEBUG, where cpu.NAME=off takes a feature away.
func godebug() string

func init() {
	Initialize(godebug())
}

module burrow.example/preemption

go 1.27

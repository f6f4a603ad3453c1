module burrow.example/maps

go 1.27

module example.org/acme/webhook

go 1.21

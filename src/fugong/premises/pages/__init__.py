"""The pages of dormitories, disinfections, canteens and stores."""

"""Which genre has the best films? As a data scientist writes it; `metaflow` is answered by Backlot."""

import json

from metaflow import FlowSpec, Parameter, step


class MovieRatings(FlowSpec):
    """Median rating of each genre, computed in parallel."""

    movies_json = Parameter("movies-json", help="JSON array of films", required=True)
    least = Parameter("least", help="Leave out genres with fewer films", default=50)

    @step
    def start(self):
        """Reads the films and finds their genres."""
        with open(self.movies_json) as file:
            films = json.load(file)
        self.ratings = {}
        for film in films:
            if film["Major Genre"] and film["IMDB Rating"]:
                self.ratings.setdefault(film["Major Genre"], []).append(film["IMDB Rating"])
        self.genres = sorted(g for g, ratings in self.ratings.items() if len(ratings) >= self.least)
        self.next(self.rate, foreach="genres")

    @step
    def rate(self):
        """The median of one genre."""
        ratings = sorted(self.ratings[self.input])
        self.median = ratings[len(ratings) // 2]
        self.next(self.collect)

    @step
    def collect(self, inputs):
        """Puts the medians together, the best first."""
        medians = {i.input: i.median for i in inputs}
        self.medians = dict(sorted(medians.items(), key=lambda item: -item[1]))
        self.next(self.end)

    @step
    def end(self):
        for genre, median in self.medians.items():
            print(f"{median:4.1f}  {genre}")


if __name__ == "__main__":
    MovieRatings()

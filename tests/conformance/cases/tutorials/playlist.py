"""The shape of the playlist tutorial: a table as an included file, two branches, a join.

"the user to include a data file" (Loading and Storing Data)

$ printf 'title,genre,gross\\nAda,Drama,5\\nBob,Comedy,9\\nCy,Drama,7\\nDi,Comedy,1\\n' > movies.csv
$ python flow.py run --recommendations 1
$ python flow.py run --genre comedy --movie_data movies.csv
"""

import csv
import io
import random

from metaflow import FlowSpec, IncludeFile, Parameter, step


class PlaylistFlow(FlowSpec):
    movie_data = IncludeFile("movie_data", help="a table of movies", default="movies.csv")
    genre = Parameter("genre", help="only movies of it", default="Drama")
    recommendations = Parameter("recommendations", help="how many", default=2)

    @step
    def start(self):
        self.rows = list(csv.DictReader(io.StringIO(self.movie_data)))
        self.next(self.bonus_movie, self.genre_movies)

    @step
    def bonus_movie(self):
        others = [r["title"] for r in self.rows if r["genre"].lower() != self.genre.lower()]
        self.bonus = random.Random(1).choice(others)
        self.next(self.join)

    @step
    def genre_movies(self):
        found = [r for r in self.rows if r["genre"].lower() == self.genre.lower()]
        self.movies = [r["title"] for r in sorted(found, key=lambda r: -int(r["gross"]))]
        self.next(self.join)

    @step
    def join(self, inputs):
        self.playlist = inputs.genre_movies.movies[: self.recommendations]
        self.bonus = inputs.bonus_movie.bonus
        self.next(self.end)

    @step
    def end(self):
        for number, title in enumerate(self.playlist, 1):
            print(number, title)
        print("bonus:", self.bonus)


if __name__ == "__main__":
    PlaylistFlow()

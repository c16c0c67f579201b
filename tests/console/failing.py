"""What the tests of the console look at: items that fail until MENDED exists, hostile texts, a card, a long log."""

import os, sys, time
from metaflow import FlowSpec, Parameter, step


class Failing(FlowSpec):
    note = Parameter("note", default="none")

    @step
    def start(self):
        self.items = ["ok", "bad", os.environ["HOSTILE"]]
        self.next(self.work, foreach="items")

    @step
    def work(self):
        print("working on", self.input)
        for i in range(12000):
            print("line", i, "needle" if i == 1234 else "")
        print("\x1b[31mred\x1b[0m plain", file=sys.stderr)
        if self.input != "ok" and not os.path.exists(os.environ["MENDED"]):
            raise ValueError("cannot do " + self.input)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.card = """<!doctype html><title>x</title><p id=p>card</p><script>
        let told = origin
        try { document.cookie } catch (e) { told += " no cookies" }
        try { parent.document.title } catch (e) { told += " no parent" }
        fetch("/api/v1/runs").then(() => p.textContent = told + " fetched", () => p.textContent = told + " no network")
        </script>"""
        self.words = os.environ["HOSTILE"]
        print("\x1b[31mred\x1b[0m \x1b[33mjoined\x1b[0m")
        self.long = "long " * 2000
        self.model = object()
        import numpy, pandas

        self.table = pandas.DataFrame({"n": [1, 2], os.environ["HOSTILE"]: ["a", os.environ["HOSTILE"]]}, index=[5, 7])
        self.numbers = {"a": [1, 2, {"b": None}], os.environ["HOSTILE"]: 1.5}
        self.large = {"key %d" % i: {"n": i, "text": "needle" if i == 15000 else "hay"} for i in range(20000)}
        self.matrix = numpy.arange(300.0).reshape(3, 100) / 8
        self.turned = "user\u202etxt.exe"
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    Failing()

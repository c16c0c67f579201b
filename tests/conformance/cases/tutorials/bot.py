"""The shape of a bot: text goes round until an answer is found.

"The value of the condition variable determines which step to execute." (FlowSpec.next)

$ python flow.py run --question "how many legs has a spider"
"""

from metaflow import FlowSpec, Parameter, step

KNOWN = {"spider": "eight", "bird": "two"}


class BotFlow(FlowSpec):
    question = Parameter("question", default="who are you")

    @step
    def start(self):
        self.words = self.question.split()
        self.messages = [{"role": "user", "text": self.question}]
        self.next(self.think)

    @step
    def think(self):
        word = self.words.pop()
        self.answer = KNOWN.get(word)
        self.messages.append({"role": "bot", "text": self.answer or "thinking about " + word})
        self.state = "done" if self.answer or not self.words else "more"
        self.next({"more": self.think, "done": self.reply}, condition="state")

    @step
    def reply(self):
        print(self.answer or "I do not know.")
        self.next(self.end)

    @step
    def end(self):
        print(len(self.messages), self.messages[-1])


if __name__ == "__main__":
    BotFlow()

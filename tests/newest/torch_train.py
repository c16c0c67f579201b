# needs: torch
"""A small network: tensors, state dict, module and optimizer as artifacts, a loader with worker processes."""

import torch
from metaflow import FlowSpec, step
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1))


class TorchTrain(FlowSpec):
    @step
    def start(self):
        torch.manual_seed(1)
        self.x = torch.randn(512, 4)
        self.y = self.x @ torch.tensor([[1.0], [2.0], [-1.0], [0.5]])
        self.rates = [0.01, 0.03]
        self.next(self.train, foreach="rates")

    @step
    def train(self):
        model = network()
        optimizer = torch.optim.Adam(model.parameters(), lr=self.input)
        for _ in range(20):
            for x, y in DataLoader(TensorDataset(self.x, self.y), batch_size=64):
                optimizer.zero_grad()
                loss = nn.functional.mse_loss(model(x), y)
                loss.backward()
                optimizer.step()
        self.model, self.state, self.optimizer, self.loss = model, model.state_dict(), optimizer.state_dict(), loss.item()
        self.next(self.choose)

    @step
    def choose(self, inputs):
        best = min(inputs, key=lambda i: i.loss)
        self.model, self.state, self.optimizer, self.loss = best.model, best.state, best.optimizer, best.loss
        self.merge_artifacts(inputs, include=["x", "y"])
        self.next(self.load)

    @step
    def load(self):
        again = network()
        again.load_state_dict(self.state)
        assert torch.equal(again(self.x), self.model(self.x))
        workers = DataLoader(TensorDataset(self.x), batch_size=128, num_workers=2)
        self.mean = torch.cat([batch.mean(1) for (batch,) in workers])
        self.half = self.x.to(torch.bfloat16)
        self.next(self.end)

    @step
    def end(self):
        assert self.loss < 0.5, self.loss
        assert torch.allclose(self.mean, self.x.mean(1)) and self.half.dtype == torch.bfloat16
        self.x += 1  # what was loaded may be written to
        assert self.optimizer["param_groups"][0]["lr"] in (0.01, 0.03)


if __name__ == "__main__":
    TorchTrain()

using FreezeBench.Accuracy.Options;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Options;

public class DatasetNamesTests
{
    [Theory]
    [InlineData("synthetic", true)]
    [InlineData("cifar10", true)]
    [InlineData("cifar100", true)]
    [InlineData("fashion-mnist", true)]
    [InlineData("ants-bees", true)]
    [InlineData("imagefolder:pictures", true)]
    [InlineData("imagefolder:", false)]
    [InlineData("imagefolder", false)]
    [InlineData("mnist", false)]
    public void Names_AreKnown_OrNot(string name, bool valid) => Assert.Equal(valid, DatasetNames.IsValid(name));

    [Theory]
    [InlineData("synthetic", "synthetic")]
    [InlineData("imagefolder:/home/somebody/My Pictures/", "imagefolder-my-pictures")]
    [InlineData("imagefolder:pictures", "imagefolder-pictures")]
    [InlineData("imagefolder:猫", "imagefolder-猫")]
    [InlineData("imagefolder:Собаки é", "imagefolder-собаки-é")]
    public void Label_HasNothingOfThePath_ButItsLastName(string name, string expected) => Assert.Equal(expected, DatasetNames.LabelOf(name));

    [Theory]
    [InlineData("imagefolder:pictures", "folder", false, "names its folder itself")]
    [InlineData("synthetic", "folder", false, "reads no files")]
    [InlineData("cifar10", null, true, "--skip-unreadable is for folders of images; --dataset is cifar10.")]
    public void WhatDoesNotGoTogether_IsNamed(string dataset, string? folder, bool skip, string message) =>
        Assert.Contains(message, Assert.Single(DatasetNames.Conflicts(dataset, folder, skip)), StringComparison.Ordinal);

    [Theory]
    [InlineData("cifar10", "folder", false)]
    [InlineData("ants-bees", "folder", true)]
    [InlineData("imagefolder:pictures", null, true)]
    public void WhatGoesTogether_IsLeftAlone(string dataset, string? folder, bool skip) => Assert.Empty(DatasetNames.Conflicts(dataset, folder, skip));
}

using System.Text;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Tensors;
using Xunit;

namespace FreezeBench.Tests.Weights;

/// <summary>What other versions of PyTorch and Python write than the one at hand: by hand, from their sources.</summary>
public class OtherWritersTests
{
    private static readonly byte[] content = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
    private static readonly byte[] pickle = PickleBuilder.Dict(p => p.Tensor("0", 4, 0, [4], [1]));

    [Fact]
    public void Python2_WritesAnOrderedDictAsAListOfLists_WithByteStrings()
    {
        var python2 = new PickleBuilder().Global("collections", "OrderedDict").Op(']').Op('(').Op(']').Op('(')
            .Raw((byte)'U', 1, (byte)'w').Tensor("0", 4, 0, [4], [1]).Raw((byte)'e', (byte)'e', 0x85, (byte)'R').End();
        Assert.Equal(content, Single(LegacyBuilder.File(python2, ("0", 4, content))).ToBytes());
    }

    [Fact]
    public void UntypedStorage_TakesTheTypeOfTheTensor()
    {
        var untyped = PickleBuilder.Dict(p => Untyped(p, "float32"));
        var entry = Single(new ZipBuilder().AddStateDict(untyped, ("0", content)).End());
        Assert.Equal(ElementType.F32, entry.Type);
        Assert.Equal(content[8..], entry.ToBytes());
        var eight = PickleBuilder.Dict(p => Untyped(p, "float8_e4m3fn"));
        Assert.StartsWith("entry 'w' is float8_e4m3fn;", Refusal.Of(new ZipBuilder().AddStateDict(eight, ("0", content)).End()));
    }

    [Fact]
    public void ParameterWithState_IsItsTensor()
    {
        var parameter = PickleBuilder.Dict(p => p.Global("torch._utils", "_rebuild_parameter_with_state").Op('(')
            .Tensor("0", 4, 0, [4], [1]).Raw(0x88).Op('}').Op('}').Op('t').Op('R'));
        Assert.Equal(content, Single(LegacyBuilder.File(parameter, ("0", 4, content))).ToBytes());
    }

    [Theory]
    [InlineData('R')]
    [InlineData('\u0081')]   // NEWOBJ
    public void OldParameter_IsItsTensor(char call)
    {
        var parameter = PickleBuilder.Dict(p => p.Global("torch.nn.parameter", "Parameter").Tensor("0", 4, 0, [4], [1]).Raw(0x85).Op(call)
            .Raw(0x88, 0x89, (byte)'}', 0x87).Op('b'));
        Assert.Equal(content, Single(LegacyBuilder.File(parameter, ("0", 4, content))).ToBytes());
    }

    [Fact]
    public void StorageOfAGpu_IsReadAsAnyOther()
    {
        var cuda = PickleBuilder.Dict(p => p.Tensor("0", 4, 0, [4], [1], "torch.cuda.FloatStorage"));
        Assert.Equal(content, Single(LegacyBuilder.File(cuda, ("0", 4, content))).ToBytes());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Zip64AndComment_AreRead(bool zip64End, bool zip64Records)
    {
        var zip = new ZipBuilder { Zip64End = zip64End, Comment = zip64End ? "" : "a comment" };
        zip.Add("r/data.pkl", pickle, zip64: zip64Records).Add("r/data/0", content, zip64: zip64Records).Add("r/version", "3\n"u8.ToArray());
        Assert.Equal(content, Single(zip.End()).ToBytes());
    }

    [Fact]
    public void StreamedRecord_HasItsSizeOnlyInTheList() => Assert.Equal(content, Single(new ZipBuilder()
        .Add("r/data.pkl", pickle, flags: 8, headerBytes: 0).Add("r/data/0", content, flags: 8, headerBytes: 0).Add("r/version", "3\n"u8.ToArray()).End()).ToBytes());

    [Theory]
    [InlineData("little", 0)]
    [InlineData("big", 3)]
    public void ByteOrder_IsFollowed(string order, byte first) => Assert.Equal(first, Single(
        new ZipBuilder().AddStateDict(pickle, ("0", content)).Add("r/byteorder", Encoding.ASCII.GetBytes(order)).End()).ToBytes()[0]);

    [Fact]
    public void PyTorch26_AddsRecordsThatSayNothingAboutTheValues() => Assert.Equal(content, Single(new ZipBuilder()
        .Add("r/data.pkl", pickle).Add("r/.format_version", "1"u8.ToArray()).Add("r/.storage_alignment", "64"u8.ToArray())
        .Add("r/byteorder", "little"u8.ToArray()).Add("r/data/0", content).Add("r/version", "3\n"u8.ToArray())
        .Add("r/.data/serialization_id", "0123456789"u8.ToArray()).End()).ToBytes());

    [Fact]
    public void PrefixOfDataParallel_IsTakenOffOnlyWhereAllHaveIt()
    {
        var mixed = new PickleBuilder().Op('}').Text("module.a").Tensor("0", 4, 0, [4], [1]).Op('s').Text("b").Tensor("0", 4, 0, [2], [1]).Op('s').End();
        Assert.Equal(["module.a", "b"], StateDictFile.Parse("x", LegacyBuilder.File(mixed, ("0", 4, content))).Entries.Select(entry => entry.Name));
    }

    private static void Untyped(PickleBuilder pickle, string type) => pickle.Global("torch._utils", "_rebuild_tensor_v3").Op('(')
        .Storage("torch.storage.UntypedStorage", "0", 16).Number(2).Numbers(2).Numbers(1)
        .Raw(0x89).Op('N').Global("torch", type).Op('t').Op('R');

    private static TensorEntry Single(byte[] file) => StateDictFile.Parse("x", file).Entries.Single();
}

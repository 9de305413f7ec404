using System.Runtime.InteropServices;
using FreezeBench.Results;
using FreezeBench.Weights.Loading;
using FreezeBench.Weights.Onnx;
using FreezeBench.Weights.Tensors;
using Google.Protobuf;
using Xunit;

namespace FreezeBench.Tests.Weights.Onnx;

/// <summary>Models made field by field; numbers of fields: onnx/onnx.proto.</summary>
public class OnnxInitializersTests
{
    private const int Float = 1;

    private static readonly float[] values = [1.5f, -2, 0.25f, 8];

    [Fact]
    public void Weights_AreReadByName_RawOrPacked_AndOperatorsAreSteppedOver()
    {
        var raw = Entry("raw", Float, [2, 2], output => Bytes(output, 9, Content));
        var packed = Entry("packed", Float, [4], output => Bytes(output, 4, Content));
        var packedDims = Message(output =>
        {
            Bytes(output, 1, [4, 1]);
            Number(output, 2, Float);
            Text(output, 8, "packed dims");
            Bytes(output, 9, Content);
        });
        var read = OnnxInitializers.Read(Model(Message(output =>
        {
            Bytes(output, 1, Message(node => Text(node, 4, "Conv")));
            foreach (var entry in new[] { raw, packed, packedDims })
                Bytes(output, 5, entry);
        })));

        Assert.Equal([("raw", "2,2"), ("packed", "4"), ("packed dims", "4,1")], read.Select(entry => (entry.Name, string.Join(',', entry.Shape))));
        Assert.All(read, entry => Assert.Equal(values, MemoryMarshal.Cast<byte, float>(entry.ToBytes()).ToArray()));
    }

    [Theory]
    [InlineData(7, "int64")]
    [InlineData(3, "int8")]
    [InlineData(17, "float8e4m3fn")]
    [InlineData(99, "of the unknown type 99")]
    [InlineData(0, "undefined")]
    public void OtherTypes_AreRefusedByName(int type, string shown) => Refused(
        $"entry 'w' is {shown}; these types are read: float32, float16, float64, bfloat16.", Entry("w", type, [4], output => Bytes(output, 9, Content)));

    [Fact]
    public void WeightsInAnotherFile_AreRefused()
    {
        const string Message = "entry 'w' lies in another file; only weights that are in the model's own file are read.";
        Refused(Message, Entry("w", Float, [4], output => Bytes(output, 13, OnnxInitializersTests.Message(pair => Text(pair, 1, "location")))));
        Refused(Message, Entry("w", Float, [4], output => Number(output, 14, 1)));
    }

    [Fact]
    public void SizesThatDoNotFit_AreRefused_BeforeAnythingIsAllocated()
    {
        Refused("entry 'w' of shape [5] is 20 bytes of float32; it has 16.", Entry("w", Float, [5], output => Bytes(output, 9, Content)));
        Refused("entry 'w' of shape [4] is 16 bytes of float32; it has 0.", Entry("w", Float, [4], _ => { }));
        Refused("a tensor has the negative size -1.", Entry("w", Float, [-1], output => Bytes(output, 9, Content)));
        Refused("a tensor of shape [4294967296, 4294967296] is larger than any memory.", Entry("w", Float, [1L << 32, 1L << 32], output => Bytes(output, 9, Content)));
        Refused("a tensor has 65 dimensions; torch has at most 64.", Entry("w", Float, [.. Enumerable.Repeat(1L, 200)], output => Bytes(output, 9, Content)));
        var manySizes = Model(Message(graph => Bytes(graph, 5, Message(output =>
        {
            Bytes(output, 1, [.. Enumerable.Repeat((byte)1, 1_000_000)]);
            Text(output, 8, "w");
            Number(output, 2, Float);
        }))));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("a tensor has 65 dimensions; torch has at most 64.", Fault(manySizes));
        // Nothing of a million numbers of 8 bytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void OtherWaysOfKeepingNumbers_AreRefused()
    {
        const string Message = "entry 'w' keeps its numbers in a way that is not read: neither as raw_data nor as packed float_data.";
        Refused(Message, Entry("w", Float, [1], output =>
        {
            output.WriteTag(4, WireFormat.WireType.Fixed32);
            output.WriteFloat(1);
        }));
        Refused(Message, Entry("w", Float, [8], output =>
        {
            Bytes(output, 9, Content);
            Bytes(output, 9, Content);
        }));
        Refused(Message, Entry("w", 10, [4], output => Bytes(output, 5, [1, 2, 3, 4])));
    }

    [Fact]
    public void NamesThatLackOrRepeat_AndWhatIsNoModel_AreRefused()
    {
        var entry = Entry("w", Float, [4], output => Bytes(output, 9, Content));
        Refused("an entry has no name.", Entry("", Float, [4], output => Bytes(output, 9, Content)));
        Refused("the entry 'w' occurs twice.", entry, entry);
        Assert.Equal("it holds no weights.", Fault(Model([])));
        Assert.Equal("it has no graph, so it is no ONNX model.", Fault([8, 3]));
        Assert.Equal("it has no graph, so it is no ONNX model.", Fault([]));
        Assert.Equal("it has 2 graphs; an ONNX model has one.", Fault([.. Model([]), .. Model([])]));
        Assert.Equal("its graph is truncated or damaged: a number stands where it should be.", Fault(Message(output => Number(output, 7, 1))));
        Assert.Equal("it has sparse weights; dense ones are read.", Fault(Model(Message(output => Bytes(output, 15, [])))));
        Assert.Contains("is a group, which ONNX does not have", Fault([0x3b, 0x3c]));
    }

    [Fact]
    public void EveryTruncation_AndEveryChangedByte_IsReadOrRefused_AndNothingElse()
    {
        var sound = Model(Message(output => Bytes(output, 5, Entry("w", Float, [2, 2], inner => Bytes(inner, 9, Content)))));
        var refused = 0;
        for (var length = 0; length < sound.Length; length++)
            refused += IsRefused(sound[..length]) ? 1 : 0;
        Assert.Equal(sound.Length, refused);
        for (var place = 0; place < sound.Length; place++)
            for (var bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. sound];
                changed[place] ^= (byte)(1 << bit);
                IsRefused(changed);
            }
    }

    [Fact]
    public void PackageThatWasNotFetched_IsTold_WithTheCommandThatFetchesIt()
    {
        using var folder = new Temporary();
        var error = Assert.Throws<UserErrorException>(() => MlNetWeights.Load(package: folder.PathOf("nothing"), cache: folder.PathOf("cache")));
        Assert.StartsWith("The weights 'mlnet' are in the package Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1, and there is no '", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Fetch it once (60 MB): dotnet restore -p:PretrainedWeights=true", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Content => MemoryMarshal.AsBytes<float>(values).ToArray();

    private static bool IsRefused(byte[] file)
    {
        try
        {
            OnnxInitializers.Read(file);
            return false;
        }
        catch (WeightsFaultException)
        {
            return true;
        }
    }

    private static void Refused(string message, params byte[][] entries) => Assert.Equal(message, Fault(Model(Message(output =>
    {
        foreach (var entry in entries)
            Bytes(output, 5, entry);
    }))));

    private static string Fault(byte[] file) => Assert.Throws<WeightsFaultException>(() => OnnxInitializers.Read(file)).Message;

    private static byte[] Model(byte[] graph) => Message(output =>
    {
        Number(output, 1, 3);
        Bytes(output, 7, graph);
    });

    private static byte[] Entry(string name, int type, long[] shape, Action<CodedOutputStream> data) => Message(output =>
    {
        foreach (var size in shape)
            Number(output, 1, size);
        Number(output, 2, type);
        Text(output, 8, name);
        data(output);
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            write(output);
        return stream.ToArray();
    }

    private static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Text(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    private static void Bytes(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }
}

using System.Buffers.Binary;
using System.Text;

namespace FreezeBench.Tests.Weights;

/// <summary>Writes pickles, honest and hostile, one opcode after the other (names of opcodes: Python's pickletools).</summary>
internal sealed class PickleBuilder
{
    private readonly List<byte> bytes = [];

    public PickleBuilder(byte protocol = 2) => Raw(0x80, protocol);

    public PickleBuilder Raw(params byte[] octets)
    {
        bytes.AddRange(octets);
        return this;
    }

    public PickleBuilder Op(char opcode) => Raw((byte)opcode);

    public PickleBuilder Global(string module, string name) => Raw([(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")]);

    public PickleBuilder Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return Op('X').Raw(LittleEndian(utf8.Length)[..4]).Raw(utf8);
    }

    /// <summary>Always as LONG1 of eight bytes, which Python reads as any other int.</summary>
    public PickleBuilder Number(long number) => Raw(0x8a, 8).Raw(LittleEndian(number));

    /// <summary>A tuple of numbers.</summary>
    public PickleBuilder Numbers(params long[] numbers)
    {
        Op('(');
        foreach (var number in numbers) Number(number);
        return Op('t');
    }

    /// <summary>A storage by its persistent id.</summary>
    public PickleBuilder Storage(string type, string key, long count, Action<PickleBuilder>? view = null)
    {
        Op('(').Text("storage").Global(type[..type.LastIndexOf('.')], type[(type.LastIndexOf('.') + 1)..]).Text(key).Text("cpu").Number(count);
        view?.Invoke(this);
        return Op('t').Op('Q');
    }

    /// <summary>A tensor as torch writes it, on a storage of its own.</summary>
    public PickleBuilder Tensor(string key, long count, long offset, long[] shape, long[] strides, string type = "torch.FloatStorage") =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(type, key, count).Number(offset).Numbers(shape).Numbers(strides)
            .Raw(0x89).Global("collections", "OrderedDict").Raw((byte)')', (byte)'R').Op('t').Op('R');

    /// <summary>A state dict of one entry named w.</summary>
    public static byte[] Dict(Action<PickleBuilder> value)
    {
        var pickle = new PickleBuilder().Op('}').Text("w");
        value(pickle);
        return pickle.Op('s').End();
    }

    public byte[] End() => [.. Op('.').bytes];

    public static byte[] LittleEndian(long number)
    {
        var octets = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(octets, number);
        return octets;
    }
}

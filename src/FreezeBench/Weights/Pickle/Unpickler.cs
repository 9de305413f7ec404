using System.Numerics;
using System.Text;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Pickle;

/// <summary>
/// Reads a pickle as data: the machine of Python's pickle module, cut down to <see cref="PickleOpcode"/> and
/// <see cref="PickleGlobal"/>. It runs no code, it does not recurse, and its memory is bounded by its number of operations,
/// which is bounded by the bytes of the pickle and by a fixed number.
/// </summary>
internal sealed class Unpickler
{
    // A tensor takes about 40, and ResNet-152 has 932: room for five times as many. An operation can keep 100 bytes.
    private const int MostOperations = 200_000;
    private const byte NewestProtocol = 5;

    private static readonly UTF8Encoding strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly OpaqueValue set = new("builtins.set");
    private static readonly OpaqueValue bytes = new("builtins.bytes");

    private readonly ByteCursor input;
    private readonly PickleStack stack;
    private readonly Dictionary<uint, object?> memo = [];
    private readonly Dictionary<string, StorageReference> storages = [];
    private int operations;

    private Unpickler(ByteCursor input) => (this.input, stack) = (input, new PickleStack(input.What));

    /// <summary>Reads one pickle and leaves the cursor behind it.</summary>
    /// <exception cref="WeightsFaultException">The pickle is damaged or holds anything but a state dict's values.</exception>
    public static PickleResult Read(ByteCursor input)
    {
        var machine = new Unpickler(input);
        while (true)
        {
            var opcode = (PickleOpcode)input.ReadByte();
            if (opcode == PickleOpcode.Stop) break;
            machine.Spend(1);
            machine.Run(opcode);
        }
        var value = machine.stack.Pop();
        return machine.stack.Count == 0
            ? new PickleResult(value, machine.storages)
            : throw new WeightsFaultException($"{input.What} is damaged: values are left over at its end.");
    }

    private void Run(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Protocol: CheckProtocol(input.ReadByte()); break;
            // A frame is a hint for reading ahead; the size is no promise that anything relies on.
            case PickleOpcode.Frame: input.ReadUInt64(); break;
            case PickleOpcode.Mark: stack.Mark(); break;
            case PickleOpcode.None: stack.Push(null); break;
            case PickleOpcode.NewTrue: stack.Push(true); break;
            case PickleOpcode.NewFalse: stack.Push(false); break;
            case PickleOpcode.BinInt: stack.Push((long)input.ReadInt32()); break;
            case PickleOpcode.BinInt1: stack.Push((long)input.ReadByte()); break;
            case PickleOpcode.BinInt2: stack.Push((long)input.ReadUInt16()); break;
            case PickleOpcode.Long1: PushLong(input.Take(input.ReadByte()).Span); break;
            case PickleOpcode.Long4: PushLong(input.Take(input.ReadUInt32()).Span); break;
            case PickleOpcode.BinFloat: stack.Push(input.ReadDoubleBigEndian()); break;
            case PickleOpcode.BinUnicode: stack.Push(Text(input.Take(input.ReadUInt32()))); break;
            case PickleOpcode.ShortBinUnicode: stack.Push(Text(input.Take(input.ReadByte()))); break;
            case PickleOpcode.BinUnicode8: stack.Push(Text(input.Take(input.ReadUInt64()))); break;
            case PickleOpcode.BinString: stack.Push(Text(input.Take(input.ReadUInt32()))); break;
            case PickleOpcode.ShortBinString: stack.Push(Text(input.Take(input.ReadByte()))); break;
            case PickleOpcode.ShortBinBytes: PushBytes(input.ReadByte()); break;
            case PickleOpcode.BinBytes: PushBytes(input.ReadUInt32()); break;
            case PickleOpcode.BinBytes8 or PickleOpcode.ByteArray8: PushBytes(input.ReadUInt64()); break;
            case PickleOpcode.EmptySet: stack.Push(set); break;
            case PickleOpcode.AddItems: stack.PopToMark(); stack.Peek<OpaqueValue>("a set"); break;
            case PickleOpcode.FrozenSet: stack.PopToMark(); stack.Push(set); break;
            case PickleOpcode.Pop: stack.PopOrUnmark(); break;
            case PickleOpcode.PopMark: stack.PopToMark(); break;
            case PickleOpcode.Duplicate: stack.Push(stack.Peek()); break;
            case PickleOpcode.NewObjectEx: stack.Pop(); Reduce(); break;
            case PickleOpcode.EmptyTuple: stack.Push(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple1: stack.Push(stack.Pop(1)); break;
            case PickleOpcode.Tuple2: stack.Push(stack.Pop(2)); break;
            case PickleOpcode.Tuple3: stack.Push(stack.Pop(3)); break;
            case PickleOpcode.Tuple: stack.Push(stack.PopToMark()); break;
            case PickleOpcode.EmptyList: stack.Push(new PickleList()); break;
            case PickleOpcode.EmptyDict: stack.Push(new PickleDict()); break;
            case PickleOpcode.Append: Append(stack.Pop(1)); break;
            case PickleOpcode.Appends: Append(stack.PopToMark()); break;
            case PickleOpcode.SetItem: SetItems(stack.Pop(2)); break;
            case PickleOpcode.SetItems: SetItems(stack.PopToMark()); break;
            case PickleOpcode.BinPut: memo[input.ReadByte()] = stack.Peek(); break;
            case PickleOpcode.LongBinPut: memo[input.ReadUInt32()] = stack.Peek(); break;
            case PickleOpcode.Memoize: memo[(uint)memo.Count] = stack.Peek(); break;
            case PickleOpcode.BinGet: stack.Push(Remembered(input.ReadByte())); break;
            case PickleOpcode.LongBinGet: stack.Push(Remembered(input.ReadUInt32())); break;
            case PickleOpcode.Global: stack.Push(PickleGlobal.Find(Text(input.TakeLine()), Text(input.TakeLine()))); break;
            case PickleOpcode.StackGlobal: PushStackGlobal(); break;
            case PickleOpcode.BinPersistentId: PushStorage(); break;
            case PickleOpcode.Reduce or PickleOpcode.NewObject: Reduce(); break;
            case PickleOpcode.Build: Build(); break;
            default:
                throw new WeightsFaultException($"{input.What} holds the pickle opcode 0x{(byte)opcode:x2} at byte "
                    + $"{input.Position - 1}, which no checkpoint needs; the file may be damaged or hostile and "
                    + "was not executed.");
        }
    }

    private void Spend(int count)
    {
        operations += count;
        if (operations > MostOperations)
            throw new WeightsFaultException($"{input.What} takes more than {MostOperations} operations; no state dict "
                + "needs so many.");
    }

    private void CheckProtocol(byte protocol)
    {
        if (protocol is < 2 or > NewestProtocol)
            throw new WeightsFaultException($"{input.What} has pickle protocol {protocol}; 2 to {NewestProtocol} are read.");
    }

    private void PushLong(ReadOnlySpan<byte> littleEndian)
    {
        var number = new BigInteger(littleEndian);
        if (number < long.MinValue || number > long.MaxValue) stack.Push(number);
        else stack.Push((long)number);
    }

    private string Text(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return strictUtf8.GetString(utf8.Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new WeightsFaultException($"{input.What} is damaged: the text before byte {input.Position} is not UTF-8.", e);
        }
    }

    // What is put into something opaque is not needed: nobody will ask it for that.
    private void Append(object?[] items)
    {
        if (stack.Peek() is not OpaqueValue)
            stack.Peek<PickleList>("a list").Items.AddRange(items);
    }

    // Sets and bytes are no part of a state dict either, and what is in them is of no use here.
    private void PushBytes(ulong count)
    {
        input.Take(count);
        stack.Push(bytes);
    }

    private void SetItems(object?[] items)
    {
        if (stack.Peek() is OpaqueValue)
            return;
        var dict = stack.Peek<PickleDict>("a dict");
        if (items.Length % 2 != 0)
            throw new WeightsFaultException($"{input.What} is damaged: a dict has a key without a value.");
        for (var item = 0; item < items.Length; item += 2)
            dict.Items.Add(new(items[item], items[item + 1]));
    }

    private object? Remembered(uint index) => memo.TryGetValue(index, out var value)
        ? value
        : throw new WeightsFaultException($"{input.What} is damaged: it recalls value {index}, which it never stored.");

    private void PushStackGlobal()
    {
        var name = stack.Pop<string>("a name");
        stack.Push(PickleGlobal.Find(stack.Pop<string>("a module"), name));
    }

    private void PushStorage()
    {
        var id = stack.Pop();
        // Of a whole module in the legacy format: its class, and the source that this has.
        if (id is object?[] and ["module", OpaqueValue module, ..])
        {
            stack.Push(module);
            return;
        }
        var storage = StorageReference.FromPersistentId(id);
        if (storages.TryGetValue(storage.Key, out var known) && (known.Type, known.Count) != (storage.Type, storage.Count))
            throw new WeightsFaultException($"storage {Shown.Name(storage.Key)} is described twice, and differently.");
        storages[storage.Key] = storage;
        stack.Push(storage);
    }

    private void Reduce()
    {
        var arguments = stack.Pop<object?[]>("a tuple of arguments");
        stack.Push(stack.Peek() is OpaqueValue ? stack.Pop() : PickleCalls.Build(stack.Pop<PickleGlobal>("a global"), arguments, Spend));
    }

    // Attributes: an OrderedDict's _metadata (versions of the modules), an old Parameter's flags and hooks. They say nothing
    // about the values.
    private void Build()
    {
        stack.Pop();
        if (stack.Peek() is not (PickleDict or TensorReference or OpaqueValue))
            throw new WeightsFaultException($"{input.What} is damaged: it gives attributes to something else than an "
                + "OrderedDict or a Parameter.");
    }
}

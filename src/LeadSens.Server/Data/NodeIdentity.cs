using System.Buffers.Binary;

namespace LeadSens.Server.Data;

/// <summary>Who this process is among the Servers of one database: new at each start, so that leases of the last one are never taken for ours.</summary>
internal sealed class NodeIdentity
{
    public NodeIdentity()
    {
        // The random half of the id.
        AdvisoryKey = BinaryPrimitives.ReadInt64BigEndian(Id.ToByteArray(bigEndian: true).AsSpan(8));
    }

    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Whoever holds the session advisory lock with this key is alive.</summary>
    public long AdvisoryKey { get; }
}

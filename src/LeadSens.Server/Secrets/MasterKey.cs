using System.Security.Cryptography;

namespace LeadSens.Server.Secrets;

/// <summary>One of the installation's keys. It is never used by itself: every use has a key derived for it, so that none weakens another.</summary>
internal sealed class MasterKey
{
    public const int Bytes = 32;
    public const int IdBytes = 8;

    private readonly byte[] _key;

    public MasterKey(string hex)
    {
        _key = Convert.FromHexString(hex);
        Id = Derive("leadsens-key-id-1", IdBytes);
    }

    /// <summary>Names the key in what it sealed; tells nothing of it.</summary>
    public byte[] Id { get; }

    public byte[] Derive(string use, int bytes = Bytes) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, bytes, info: System.Text.Encoding.UTF8.GetBytes(use));

    public override string ToString() => Convert.ToHexStringLower(Id);
}

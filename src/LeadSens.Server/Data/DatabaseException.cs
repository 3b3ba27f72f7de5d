namespace LeadSens.Server.Data;

/// <summary>The database cannot be had; the message tells the person who starts the Server why and what to do.</summary>
internal sealed class DatabaseException(string message, Exception? inner = null) : Exception(message, inner);

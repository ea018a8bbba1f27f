package dev.skep.port.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;

/** Writes an etcd transaction as a sentence: if all of this holds then do that, else look. */
public final class EtcdTxn {

  private final TxnRequest.Builder txn = TxnRequest.newBuilder();

  /**
   * @param revision zero for a key that does not exist
   */
  public EtcdTxn ifModifiedAt(ByteString key, long revision) {
    txn.addCompare(
        Compare.newBuilder()
            .setKey(key)
            .setTarget(Compare.CompareTarget.MOD)
            .setResult(Compare.CompareResult.EQUAL)
            .setModRevision(revision));
    return this;
  }

  public EtcdTxn ifAbsent(ByteString key) {
    return ifModifiedAt(key, 0);
  }

  public EtcdTxn ifEquals(ByteString key, ByteString value) {
    txn.addCompare(
        Compare.newBuilder()
            .setKey(key)
            .setTarget(Compare.CompareTarget.VALUE)
            .setResult(Compare.CompareResult.EQUAL)
            .setValue(value));
    return this;
  }

  public EtcdTxn thenPut(ByteString key, ByteString value) {
    return thenPut(key, value, 0);
  }

  /**
   * @param lease that the key lasts as long as; zero for ever
   */
  public EtcdTxn thenPut(ByteString key, ByteString value, long lease) {
    txn.addSuccess(
        RequestOp.newBuilder()
            .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease)));
    return this;
  }

  public EtcdTxn thenDelete(ByteString key) {
    txn.addSuccess(
        RequestOp.newBuilder().setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key)));
    return this;
  }

  public EtcdTxn thenGet(ByteString key) {
    txn.addSuccess(RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(key)));
    return this;
  }

  /** Its revisions, not its value. */
  public EtcdTxn thenGetKey(ByteString key) {
    txn.addSuccess(
        RequestOp.newBuilder()
            .setRequestRange(RangeRequest.newBuilder().setKey(key).setKeysOnly(true)));
    return this;
  }

  /** The first key under a prefix, and how many there are. */
  public EtcdTxn thenGetFirstKey(ByteString prefix) {
    return thenGetOneKey(prefix, RangeRequest.SortOrder.ASCEND);
  }

  /** The last key under a prefix, and how many there are. */
  public EtcdTxn thenGetLastKey(ByteString prefix) {
    return thenGetOneKey(prefix, RangeRequest.SortOrder.DESCEND);
  }

  public EtcdTxn elseGet(ByteString key) {
    txn.addFailure(RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(key)));
    return this;
  }

  public TxnRequest build() {
    return txn.build();
  }

  private EtcdTxn thenGetOneKey(ByteString prefix, RangeRequest.SortOrder order) {
    txn.addSuccess(
        RequestOp.newBuilder()
            .setRequestRange(
                RangeRequest.newBuilder()
                    .setKey(prefix)
                    .setRangeEnd(EtcdConnection.endOf(prefix))
                    .setKeysOnly(true)
                    .setSortTarget(RangeRequest.SortTarget.KEY)
                    .setSortOrder(order)
                    .setLimit(1)));
    return this;
  }
}

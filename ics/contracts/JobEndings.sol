// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Errors} from "./Errors.sol";
import {Payment} from "./Interfaces.sol";
import {JobBook} from "./JobBook.sol";

/// @title How a job ends and where its escrow goes: paid out, returned, cancelled or expired
abstract contract JobEndings is JobBook, ReentrancyGuard {
    event JobPayout(uint256 indexed jobId, address indexed worker, uint256 base, uint256 bonus, uint256 fee);
    event JobFinalized(uint256 indexed jobId, address indexed worker);
    event JobCancelled(uint256 indexed jobId);
    event JobExpired(uint256 indexed jobId, address indexed caller);
    event JobTimedOut(uint256 indexed jobId, address indexed caller);

    /// @notice Pays a completed job out, or returns the escrow by the slash split when it failed.
    /// Errors: InvalidJobState, OnlyEmployer (governance may too), TaxPolicyNotAcknowledged.
    function finalize(uint256 jobId) external whenNotPaused nonReentrant taxed {
        if (_state(jobId) != State.Completed) revert Errors.InvalidJobState();
        _checkEmployer(jobId);
        _setState(jobId, State.Finalized);
        activeJobs[jobs[jobId].agent]--;
        if (_field(jobId, SUCCESS, 1) == 1) _payOut(jobId);
        else _fail(jobId);
        emit JobFinalized(jobId, jobs[jobId].agent);
    }

    /// @notice Takes back a job that nobody has taken; the whole escrow returns. Errors: InvalidJobState (unknown),
    /// OnlyEmployer (governance may too), CannotCancel.
    function cancelJob(uint256 jobId) external {
        _cancel(jobId);
    }

    /// @notice The same as cancelJob.
    function cancel(uint256 jobId) external {
        _cancel(jobId);
    }

    /// @notice Ends a job whose agent missed deadline and grace; anyone may call; the whole escrow returns and the
    /// agent's job stake is slashed. Errors: CannotExpire, DeadlineNotReached.
    function cancelExpiredJob(uint256 jobId) external whenNotPaused nonReentrant {
        _expire(jobId);
        emit JobExpired(jobId, _msgSender());
    }

    /// @notice The same as cancelExpiredJob under its other name. Errors: CannotExpire, DeadlineNotReached.
    function claimTimeout(uint256 jobId) external whenNotPaused nonReentrant {
        _expire(jobId);
        emit JobTimedOut(jobId, _msgSender());
    }

    function _checkEmployer(uint256 jobId) private view {
        if (_msgSender() != jobs[jobId].employer && _msgSender() != owner()) revert Errors.OnlyEmployer();
    }

    function _fee(uint256 jobId) internal view returns (uint256) {
        return (uint256(jobs[jobId].reward) * _field(jobId, FEE_PCT, 32)) / 100;
    }

    function _deadline(uint256 jobId) internal view returns (uint256) {
        return _field(jobId, DEADLINE, 64);
    }

    function _payOut(uint256 jobId) private {
        Job storage job = jobs[jobId];
        (address[] memory who, uint256[] memory weights) = validationModule.payoutShares(jobId, true);
        uint256 fee = _fee(jobId);
        Payment memory payment = Payment(job.agent, job.reward, fee, validatorRewardPct, who, weights);
        uint256 paid = stakeManager.payJob(bytes32(jobId), payment);
        stakeManager.unlockStake(job.agent, job.stake);
        emit JobPayout(jobId, job.agent, paid, 0, fee);
    }

    function _fail(uint256 jobId) private {
        stakeManager.redistributeEscrow(bytes32(jobId), jobs[jobId].employer);
        _slashAgent(jobId);
    }

    function _slashAgent(uint256 jobId) private {
        Job storage job = jobs[jobId];
        if (job.stake == 0) return;
        stakeManager.unlockStake(job.agent, job.stake);
        stakeManager.slash(job.agent, 0, job.stake, job.employer);
    }

    function _cancel(uint256 jobId) private whenNotPaused nonReentrant taxed {
        if (_state(jobId) == State.None) revert Errors.InvalidJobState();
        _checkEmployer(jobId);
        if (_state(jobId) != State.Created) revert Errors.CannotCancel();
        _setState(jobId, State.Cancelled);
        stakeManager.releaseEscrow(bytes32(jobId), jobs[jobId].employer);
        emit JobCancelled(jobId);
    }

    function _expire(uint256 jobId) private {
        if (_state(jobId) != State.Applied) revert Errors.CannotExpire();
        if (block.timestamp <= _deadline(jobId) + expirationGracePeriod) revert Errors.DeadlineNotReached();
        _setState(jobId, State.Finalized);
        activeJobs[jobs[jobId].agent]--;
        stakeManager.releaseEscrow(bytes32(jobId), jobs[jobId].employer);
        _slashAgent(jobId);
        emit JobFinalized(jobId, jobs[jobId].agent);
    }
}
